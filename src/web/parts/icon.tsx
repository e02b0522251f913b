/** Drawn on 24 × 24 with a stroke of 1.75, so that they stand beside 14 px text. */
const PATHS = {
  inbox: "M4 5.5h16v9h-4.5l-1.5 2.5h-4l-1.5-2.5H4zM4 14.5V19h16v-4.5",
  settings:
    "M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4M19.4 13.5l1.6 1.2-1.8 3.1-1.9-.7a7 7 0 0 1-2 1.2L15 20.3h-3.6l-.4-2a7 7 0 0 1-2-1.2l-1.9.7-1.8-3.1 1.6-1.2a7 7 0 0 1 0-2.4L5.3 9.9l1.8-3.1 1.9.7a7 7 0 0 1 2-1.2l.4-2H15l.3 2a7 7 0 0 1 2 1.2l1.9-.7L21 9.9l-1.6 1.2a7 7 0 0 1 0 2.4",
  arrowLeft: "M19 12H5m6-6-6 6 6 6",
  arrowRight: "M5 12h14m-6-6 6 6-6 6",
  chevronRight: "m9 5 7 7-7 7",
  chevronDown: "m5 9 7 7 7-7",
  close: "M6 6l12 12M18 6 6 18",
  check: "m5 12.5 4.5 4.5L19 7.5",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14m5-2 4.5 4.5",
  send: "M4.5 12 3 4.5 21 12 3 19.5z M4.5 12H12",
  attach: "m19.5 11.5-7.8 7.8a4.6 4.6 0 0 1-6.5-6.5l8-8a3 3 0 0 1 4.3 4.3l-8 8a1.5 1.5 0 0 1-2.2-2.1l7.3-7.3",
  template: "M5 4h14v16H5zM8.5 8.5h7M8.5 12h7M8.5 15.5h4",
  quick: "M13 3 5 13.5h6L10.5 21 19 10.5h-6z",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M8.5 14a4.2 4.2 0 0 0 7 0M9 9.5v.5M15 9.5v.5",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  reply: "M9.5 6 4 11.5 9.5 17M4.5 11.5H14a6 6 0 0 1 6 6V19",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 11.5v5M12 8v.01",
  warning: "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.01",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5.3l3.3 2",
  lock: "M6 10.5h12V20H6zM8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5",
  download: "M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14",
  file: "M6.5 3.5h7l4 4v13h-11zM13.5 3.5v4h4",
  phone:
    "M6.5 3.5h3l1.5 4-2 1.5a11 11 0 0 0 6 6l1.5-2 4 1.5v3a2 2 0 0 1-2.2 2A16.3 16.3 0 0 1 4.5 5.7a2 2 0 0 1 2-2.2",
  pin: "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11M12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20.5a7.5 7.5 0 0 1 15 0",
  users:
    "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 19.5a6.5 6.5 0 0 1 13 0M16 4.8a3.5 3.5 0 0 1 0 6.4M18 13.8a6.5 6.5 0 0 1 3.5 5.7",
  plus: "M12 5v14M5 12h14",
  copy: "M8.5 8.5H20V20H8.5zM15.5 8.5V4H4v11.5h4.5",
  refresh: "M20 5v5h-5M4 19v-5h5M19.5 10a8 8 0 0 0-14-2.5M4.5 14a8 8 0 0 0 14 2.5",
  arrowDown: "M12 5v14m-6-6 6 6 6-6",
  signOut: "M14 4.5H5.5v15H14M10 12h10.5m-4-4 4 4-4 4",
  play: "M7 4.5v15l12.5-7.5z",
  microphone:
    "M12 15a3.5 3.5 0 0 0 3.5-3.5v-5a3.5 3.5 0 0 0-7 0v5A3.5 3.5 0 0 0 12 15M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3",
  stop: "M7 7h10v10H7z",
  edit: "M4.5 19.5l1-4.2L16 4.8a1.8 1.8 0 0 1 2.6 0l.6.6a1.8 1.8 0 0 1 0 2.6L8.7 18.5zM14 6.8l3.2 3.2",
  trash: "M4.5 6.5h15M9.5 6.5V4h5v2.5M6.5 6.5l1 13.5h9l1-13.5M10.3 10.5v5.5M13.7 10.5v5.5",
  eye: "M2.5 12C7 3.8 17 3.8 21.5 12 17 20.2 7 20.2 2.5 12M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6",
  cart: "M3 4h2.5l2.3 11h10l2.2-8H6.2M9 19.5v.01M16.5 19.5v.01",
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside a text, or in a control that has a name of its own: it is hidden from screen readers. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "more" ? 2.75 : 1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
