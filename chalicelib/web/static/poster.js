// Draws a poster into a PNG that a phone can keep. A picture within a picture loads nothing, so its photo is put in first.
document.querySelectorAll("[data-poster]").forEach((button) => {
  const place = document.getElementById(button.dataset.poster), hint = document.getElementById(button.dataset.hint);
  const asText = (blob) => new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = failed;
    reader.readAsDataURL(blob);
  });
  const draw = async (svg) => {
    const whole = svg.cloneNode(true), width = svg.viewBox.baseVal.width, height = svg.viewBox.baseVal.height;
    for (const photo of whole.querySelectorAll("image")) {
      photo.setAttribute("href", await asText(await (await fetch(photo.getAttribute("href"))).blob()));
    }
    const picture = new Image(), canvas = document.createElement("canvas");
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(whole))}`;
    await picture.decode();
    canvas.width = width * 1.5;
    canvas.height = height * 1.5;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  };
  const send = async (png) => {
    const file = new File([png], button.dataset.name, { type: "image/png" });
    if (navigator.canShare && navigator.canShare({ files: [file] })) return navigator.share({ files: [file] });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(png);
    link.download = button.dataset.name;
    link.click();
  };
  button.hidden = false;
  button.addEventListener("click", async () => {
    const svg = place.querySelector("svg");
    if (svg) {
      const shown = new Image();
      place.png = await draw(svg);
      shown.src = await asText(place.png);
      shown.alt = svg.getAttribute("aria-label");
      place.replaceChildren(shown);
      hint.textContent = button.dataset.done;
    }
    await send(place.png).catch(() => {}); // who changes their mind still sees the picture, and can hold it
  });
});
