// Where the keyboard is, kept while what it is on is drawn anew.

const STOPS = "button, a[href], input, select, textarea, [tabindex]";

// Draws, and gives the focus back when the drawing took it away: to the same button drawn again, or to the newest message.
export function keepingFocus(root, draw) {
  const place = root.contains(document.activeElement) ? placeOf(document.activeElement) : null;
  draw();
  if (place && document.activeElement === document.body) (equivalent(root, place) ?? newest(root))?.focus({ preventScroll: true });
}

function placeOf(element) {
  return {
    message: element.closest("[data-message-id]")?.dataset.messageId, kind: element.dataset.testid,
    callback: element.dataset.callback, label: labelOf(element),
  };
}

function labelOf(element) {
  return element.getAttribute("aria-label") ?? element.textContent;
}

// What a button does tells more than its label: a choice that was ticked is still the same choice.
function equivalent(root, place) {
  const message = place.message && root.querySelector(`[data-message-id="${place.message}"]`);
  if (place.message && !message) return null;
  const alike = [message, ...(message || root).querySelectorAll(STOPS)].filter((one) => one && one.dataset.testid === place.kind);
  return alike.find((one) => place.callback && one.dataset.callback === place.callback) ?? alike.find((one) => labelOf(one) === place.label);
}

function newest(root) {
  return [...root.querySelectorAll('[data-testid="message"]')].at(-1) ?? root.querySelector("[data-testid=composer], .chat-row");
}
