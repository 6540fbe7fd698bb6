// One live channel for all tabs of a browser: browsers keep few connections to one address, and every tab with a channel of
// its own would soon leave none for pages.
// @ts-check

/** @type {Set<MessagePort>} */
const ports = new Set();
/** What a tab that comes now has to know. @type {any} */
let hello;
let isLost = false;

open();

globalThis.addEventListener("connect", (event) => {
  const [port] = /** @type {MessageEvent} */ (event).ports;
  ports.add(port);
  port.onmessage = ({ data }) => data === "bye" && ports.delete(port);
  if (hello) port.postMessage(hello);
  if (isLost) port.postMessage({ kind: "lost" });
});

function open() {
  const source = new EventSource("/_guidepost/live");
  source.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    isLost = false;
    if (event.kind === "hello") hello = event;
    else if (event.kind === "build" && hello) hello.number = event.number;
    tell(event);
  };
  source.onerror = () => {
    source.close();
    if (!isLost) tell({ kind: "lost" });
    isLost = true;
    setTimeout(open, 500);
  };
}

/** @param {any} event */
function tell(event) {
  for (const port of ports) port.postMessage(event);
}
