// A colour that is picked is seen at once; without a script the page's own button shows it.
document.querySelectorAll("[data-look]").forEach((picker) => {
  const text = picker.form.elements.accent, sheet = document.getElementById("look");
  const show = (colour) => { sheet.href = picker.dataset.look.replace("000000", colour.slice(1)); };
  picker.addEventListener("input", () => { text.value = picker.value; });
  picker.addEventListener("change", () => show(picker.value));
  text.addEventListener("input", () => {
    const typed = text.value.trim().toLowerCase();
    if (/^#[0-9a-f]{6}$/.test(typed)) { picker.value = typed; show(typed); }
  });
});
