/** Asks the simulator; the answer's JSON. Throws with the field and what is wrong with it. */
export async function request(url, method = "GET", body) {
  const response = await fetch(url, body === undefined ? { method } : { method, body: JSON.stringify(body) });
  const json = await response.json();
  if (!response.ok) throw new Error(`${json.error.field}: ${json.error.message}`);
  return json;
}

/** An element with a class and a text. Whatever people write stays text. */
export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export function initialsOf(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => [...word][0].toUpperCase())
    .join("");
}
