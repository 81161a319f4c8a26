// A table or map that is wider than its place says so (page.css), also after the page was turned or unfolded.
const watched = new ResizeObserver((entries) => {
  for (const { target } of entries) target.classList.toggle("wider", target.scrollWidth > target.clientWidth + 1);
});
for (const place of document.querySelectorAll(".scroll")) watched.observe(place);

