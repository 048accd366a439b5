/* A signature drawn by hand: goes along as a picture in a file field. Without this script the name is typed. */
(() => {
  "use strict";
  const begin = (wrapper) => {
    if (wrapper.dataset.signature) return; // a page with two signatures loads the script twice
    wrapper.dataset.signature = "drawn";
    const canvas = wrapper.querySelector("canvas"), clear = wrapper.querySelector("[data-clear]");
    const file = wrapper.querySelector("input[type=file]"), pen = canvas.getContext("2d");
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
    };
    const wipe = () => {
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      file.value = "";
    };
    const keep = () => canvas.toBlob((picture) => {
      const carrier = new DataTransfer();
      carrier.items.add(new File([picture], "signature.png", { type: "image/png" }));
      file.files = carrier.files;
    }, "image/png");
    let drawing = false;
    canvas.addEventListener("pointerdown", (event) => {
      drawing = true;
      canvas.setPointerCapture(event.pointerId);
      Object.assign(pen, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
      pen.beginPath();
      pen.moveTo(...at(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      pen.lineTo(...at(event));
      pen.stroke();
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => {
      if (drawing) keep();
      drawing = false;
    });
    clear.addEventListener("click", wipe);
    wipe();
    wrapper.querySelector("[data-drawing]").hidden = false;
  };
  const start = () => {
    try { new DataTransfer(); } catch { return; }
    document.querySelectorAll("[data-signature]").forEach(begin);
  };
  start();
})();
