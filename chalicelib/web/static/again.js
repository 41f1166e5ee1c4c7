// Something is running: its part of the page is asked for again every ten seconds, until it is done.
document.querySelectorAll("[data-again]").forEach((part) => {
  const look = async () => {
    if (document.hidden || part.contains(document.activeElement)) return;
    const answer = await fetch(location.href).catch(() => null);
    if (!answer || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (fresh) part.replaceChildren(...fresh.childNodes);
    if (!fresh || !("again" in fresh.dataset)) clearInterval(timer);
  };
  const timer = setInterval(look, 10000);
});
