// A member's own team opens in place, read when it is asked for. Without a script its name leads to it.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-branch]");
  if (!button) return;
  const member = button.closest("li");
  let below = member.querySelector(":scope > .below");
  if (!below) {
    button.setAttribute("aria-busy", "true");
    const answer = await fetch(button.dataset.branch).catch(() => null);
    button.removeAttribute("aria-busy");
    if (!answer || !answer.ok) { location.href = button.dataset.branch; return; }
    const read = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("branch");
    if (!read) return;
    below = document.createElement("div");
    below.className = "below";
    below.hidden = true;
    below.append(...read.childNodes);
    member.append(below);
    show(below);
  }
  below.hidden = !below.hidden;
  button.setAttribute("aria-expanded", String(!below.hidden));
  button.textContent = below.hidden ? "＋" : "－";
});
const show = (within) => within.querySelectorAll("[data-branch]").forEach((button) => { button.hidden = false; });
show(document);
