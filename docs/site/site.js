// Finds a type or a field by a part of its name.
const up = document.body.dataset.up;
const found = document.getElementById("found");
document.getElementById("find").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  const names = wanted ? NAMES.filter(([name]) => name.toLowerCase().includes(wanted)) : [];
  found.replaceChildren(
    ...names.slice(0, 20).map(([name, address]) => {
      const line = document.createElement("li");
      const link = line.appendChild(document.createElement("a"));
      link.textContent = name;
      link.href = up + address;
      return line;
    }),
  );
});
