// A table or map that is wider than its place says so (page.css), also after the page was turned or unfolded.
const watched = new ResizeObserver((entries) => {
  for (const { target } of entries) target.classList.toggle("wider", target.scrollWidth > target.clientWidth + 1);
});
const watch = () => document.querySelectorAll(".scroll").forEach((place) => watched.observe(place));
watch();
// Those of the scenario panel come later, and their tables too.
const late = new MutationObserver(() => {
  watched.disconnect();
  watch();
});
for (const place of document.querySelectorAll(".scenario")) late.observe(place, { childList: true, subtree: true });

// A name as it is searched: without accents, capitals and signs.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
