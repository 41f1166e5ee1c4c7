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
// One more, one less, without a keyboard.
document.querySelectorAll("[data-step]").forEach((button) => {
  const field = button.parentElement.querySelector("input");
  button.hidden = false;
  button.addEventListener("click", () => {
    const wanted = (parseInt(field.value, 10) || 0) + Number(button.dataset.step);
    field.value = Math.min(Math.max(wanted, 0), field.max) || "";
    field.dispatchEvent(new Event("input"));
  });
});
// What is left of the time ticks. It counts from when the page was made: phones' clocks are wrong.
document.querySelectorAll("[data-left]").forEach((place) => {
  const { left, says, days, over } = place.dataset, two = (number) => String(Math.floor(number)).padStart(2, "0");
  const tick = () => {
    const s = left - performance.now() / 1000, whole = Math.floor(s / 86400);
    const clock = `${two(s % 86400 / 3600)}:${two(s % 3600 / 60)}:${two(s % 60)}`;
    place.textContent = s > 0 ? says.replace("%", (whole ? days.replace("%", whole) + " " : "") + clock) : over;
  };
  tick();
  setInterval(tick, 1000);
});
// The sum of a basket, while it is being filled.
document.querySelectorAll("[data-sum]").forEach((place) => {
  const fields = [...place.form.querySelectorAll("[data-price]")];
  const show = () => {
    const minor = fields.reduce((sum, field) => sum + (parseInt(field.value, 10) || 0) * field.dataset.price, 0);
    const digits = Number(place.dataset.digits);
    const sum = (minor / 10 ** digits).toLocaleString("en", { minimumFractionDigits: digits });
    place.value = minor ? ` · ${place.dataset.sum}${sum}` : "";
  };
  fields.forEach((field) => field.addEventListener("input", show));
  show();
});
// The order chain follows by itself while somebody looks: a small answer, from the browser's cache if nothing is new.
document.querySelectorAll("[data-live]").forEach((list) => {
  const row = document.getElementById("chain-row").content.firstElementChild;
  const ago = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  let rows = "";
  const put = (place, text) => { if (place && place.textContent !== text) place.textContent = text; };
  const tell = (time) => {
    const minutes = Math.round((Date.parse(time.dateTime) - Date.now()) / 60000);
    const [count, unit] = minutes > -60 ? [minutes, "minute"] : minutes > -2880 ? [minutes / 60, "hour"] : [minutes / 1440, "day"];
    put(time, ago.format(Math.min(0, Math.round(count)), unit));
  };
  const fill = (texts) => {
    const line = row.cloneNode(true);
    texts.slice(0, 3).forEach((text, place) => put(line.children[place], text));
    line.lastElementChild.dateTime = texts[3];
    return line;
  };
  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch(list.dataset.live).catch(() => null);
    if (!answer || !answer.ok) return;
    const told = await answer.json();
    Object.entries(told.parts).forEach(([id, text]) => put(document.getElementById(id), text));
    const moved = rows !== (rows = JSON.stringify(told.rows));
    if (moved && (told.rows.length || list.querySelector("time"))) list.replaceChildren(...told.rows.map(fill));
    list.querySelectorAll("time").forEach(tell);
  };
  setInterval(look, 10000);
  document.addEventListener("visibilitychange", look);
});
// On a phone the tabs go on beyond the edge: begin near the one that is open.
document.querySelectorAll(".tabs [aria-current]").forEach((tab) => { tab.closest(".tabs").scrollLeft = tab.offsetLeft - 64; });
