// What is nicer with a script; every page works without it.
document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.done;
  });
});
// A second press while the first is on its way is the same form anyway; this only shows that something happens.
document.querySelectorAll("form").forEach((form) => {
  form.addEventListener("submit", () => form.setAttribute("aria-busy", "true"));
});
// The sum of a basket, while it is being filled.
document.querySelectorAll("[data-sum]").forEach((place) => {
  const fields = [...place.form.querySelectorAll("[data-price]")];
  const show = () => {
    const minor = fields.reduce((sum, field) => sum + (parseInt(field.value, 10) || 0) * field.dataset.price, 0);
    const digits = Number(place.dataset.digits);
    place.value = minor ? ` · ${place.dataset.sum}${(minor / 10 ** digits).toFixed(digits)}` : "";
  };
  fields.forEach((field) => field.addEventListener("input", show));
  show();
});
