// A chart is one stop of the keyboard; arrows go from place to place, and what a place says is seen and read out.
document.querySelectorAll(".chart").forEach((chart) => {
  const places = [...chart.querySelectorAll(".spot")];
  if (!places.length) return;
  let at = places.length - 1;
  const go = (to) => {
    places[at].classList.remove("here");
    at = Math.min(Math.max(to, 0), places.length - 1);
    places[at].classList.add("here");
    chart.setAttribute("aria-valuenow", at + 1);
    chart.setAttribute("aria-valuetext", [...places[at].querySelectorAll("text")].map((line) => line.textContent).join(", "));
  };
  const told = { role: "slider", tabindex: 0, "aria-valuemin": 1, "aria-valuemax": places.length };
  Object.entries(told).forEach(([name, value]) => chart.setAttribute(name, value));
  go(at);
  chart.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowDown: at - 1, ArrowUp: at + 1, Home: 0, End: places.length - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(to);
  });
  // Arrows go on from where a finger was; and only what listens to clicks is pointed at by a finger on some phones.
  chart.addEventListener("click", (event) => {
    const to = places.indexOf(event.target.closest(".spot"));
    if (to >= 0) go(to);
  });
});
