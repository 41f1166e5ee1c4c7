// Tick all boxes of a table at once.
document.querySelectorAll("[data-all]").forEach((box) => {
  const boxes = [...document.querySelectorAll(`input[name^="${box.dataset.all}."]`)];
  box.closest("label").hidden = boxes.length < 2;
  box.addEventListener("change", () => boxes.forEach((one) => { one.checked = box.checked; }));
});
