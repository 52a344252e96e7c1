/* Making elements. Everything that people wrote goes in as text. */

export const byId = (id) => document.getElementById(id);

export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => { if (value !== undefined && value !== null) element.setAttribute(name, value); });
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined));
  return element;
}

/** For a live region, which is read out only where it says something else than before. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
