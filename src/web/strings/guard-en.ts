export const guardEn = {
  title: "A colleague has answered already",
  lead: "This was sent while you were writing:",
  yours: "Your message, which has not been sent:",
  edit: "Edit",
  leave: "Do not send",
};
