// The picture of a tree: larger and smaller by buttons, keys and wheel, moved by hand. Without it the window scrolls.
const view = document.getElementById("tree");
const buttons = document.getElementById("zoom");
if (view && buttons) {
  const picture = view.querySelector("svg");
  const [, , width, height] = picture.getAttribute("viewBox").split(" ").map(Number);
  let scale = 1;
  const whole = () => Math.min(1, (view.clientWidth - 2) / width, (innerHeight * 0.78) / height);
  const zoom = (to, x = view.clientWidth / 2, y = view.clientHeight / 2) => {
    const before = scale;
    scale = Math.min(2.5, Math.max(Math.min(0.1, whole()), to));
    picture.setAttribute("width", width * scale);
    picture.setAttribute("height", height * scale);
    view.scrollLeft = ((view.scrollLeft + x) * scale) / before - x;
    view.scrollTop = ((view.scrollTop + y) * scale) / before - y;
  };
  const ways = { in: () => zoom(scale * 1.4), out: () => zoom(scale / 1.4), whole: () => zoom(whole()) };
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => {
    const way = event.target.closest("[data-zoom]");
    if (way) ways[way.dataset.zoom]();
  });
  view.addEventListener("keydown", (event) => {
    const way = { "+": "in", "=": "in", "-": "out", 0: "whole" }[event.key];
    if (way && !event.ctrlKey && !event.metaKey) ways[way]();
  });
  view.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = view.getBoundingClientRect();
    zoom(scale * (event.deltaY < 0 ? 1.15 : 1 / 1.15), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  // A mouse drags; fingers scroll by themselves. A drag that ends on a name opens nothing.
  let from = null;
  let moved = false;
  view.classList.add("by-hand");
  view.addEventListener("dragstart", (event) => event.preventDefault());
  view.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    from = [event.clientX + view.scrollLeft, event.clientY + view.scrollTop];
    moved = false;
  });
  addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y] = [from[0] - event.clientX, from[1] - event.clientY];
    moved = moved || Math.abs(x - view.scrollLeft) + Math.abs(y - view.scrollTop) > 5;
    if (moved) {
      view.classList.add("held");
      view.scrollTo(x, y);
    }
  });
  addEventListener("pointerup", () => {
    from = null;
    view.classList.remove("held");
  });
  view.addEventListener("click", (event) => { if (moved) event.preventDefault(); moved = false; }, true);
  view.scrollTop = (view.scrollHeight - view.clientHeight) / 2;
}
