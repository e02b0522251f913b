/** Apart from the other texts: they are loaded with what shows them, and no page waits for that. */
export const connectionEn = {
  states: {
    connected: "Connected",
    catchingUp: "Catching up",
    connecting: "Connecting",
    reconnecting: "Reconnecting",
    polling: "No live news",
    offline: "Offline",
    reload: "New version",
  },
  offline: "No connection. What you write is sent when it is back.",
  connecting: "Connecting…",
  reconnecting: "Reconnecting…",
  catchingUp: "Connected again. Loading what has come meanwhile…",
  polling:
    "Live connections are blocked in this network. The page looks for news every 15 seconds, and sends what you write at once.",
  reloadPage: "A new version of this page is available.",
  reload: "Reload",
};
