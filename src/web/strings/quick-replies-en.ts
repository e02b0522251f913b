export const quickRepliesEn = {
  title: "Quick replies",
  none: "No quick reply matches. They are kept in the settings.",
  fillIn: (place: string) => `${place} is still to be filled in. Press Send again to send it as it is.`,
  lead: "Texts for everybody: a slash at the start of a message finds them. {{contact.name}} becomes the customer's name.",
  shortcut: "Shortcut",
  text: "Text",
  add: "Add",
  remove: (shortcut: string) => `Delete /${shortcut}`,
};
