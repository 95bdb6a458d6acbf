// The clock of the page that says nothing.
const face = document.getElementById("clock");
const two = (number) => String(number).padStart(2, "0");
setInterval(() => {
  const now = new Date();
  face.textContent = `${two(now.getHours())}:${two(now.getMinutes())}`;
}, 5000);
