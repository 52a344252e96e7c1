/* What the page asks of the app around it: who opened it, which colours it has, and that it is ready. */

const params = new URLSearchParams(location.hash.slice(1));

/** What Telegram signed; it is checked by the server alone. Kept for a reload, which may come without it. */
export const initData = kept("init", params.get("tgWebAppData") || "");

/** Whose taps are kept on this phone, and the language to speak before the server has said which. */
export const user = read(new URLSearchParams(initData).get("user"));

function kept(name, value) {
  try {
    if (value) sessionStorage.setItem(name, value);
    return value || sessionStorage.getItem(name) || "";
  } catch (error) {
    return value;
  }
}

function read(text) {
  try {
    return JSON.parse(text) || {};
  } catch (error) {
    return {};
  }
}

function tell(type, data = {}) {
  if (window.TelegramWebviewProxy) window.TelegramWebviewProxy.postEvent(type, JSON.stringify(data));
  else if (window.external && "notify" in window.external) window.external.notify(JSON.stringify({ eventType: type, eventData: data }));
  else if (window.parent !== window) window.parent.postMessage(JSON.stringify({ eventType: type, eventData: data }), "*");
}

const COLOURS = {
  bg_color: "--card", secondary_bg_color: "--back", text_color: "--text", hint_color: "--soft",
  button_color: "--main", button_text_color: "--on-main",
};

/** The app's own colours. Whatever is no colour is left out. */
function paint(theme) {
  const style = document.documentElement.style;
  Object.entries(COLOURS).forEach(([name, variable]) => {
    if (/^#[0-9a-f]{6}$/i.test(theme[name] || "")) style.setProperty(variable, theme[name]);
  });
  if (/^#[0-9a-f]{6}$/i.test(theme.bg_color || "")) {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(theme.bg_color.slice(at, at + 2), 16));
    const dark = red * 0.299 + green * 0.587 + blue * 0.114 < 128;
    document.documentElement.dataset.scheme = dark ? "dark" : "light";
  }
}

function receive(type, data) {
  if (type === "theme_changed" && data && data.theme_params) paint(data.theme_params);
}

window.Telegram = { WebView: { receiveEvent: receive } };
window.TelegramGameProxy = { receiveEvent: receive };
window.addEventListener("message", (event) => {
  if (event.source !== window.parent || typeof event.data !== "string") return;
  const message = read(event.data);
  receive(message.eventType, message.eventData);
});

export function begin() {
  paint(read(params.get("tgWebAppThemeParams")));
  tell("web_app_ready");
  tell("web_app_expand");
}
