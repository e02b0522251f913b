export const noteEn = {
  by: (name: string) => `Note by ${name}, for colleagues only`,
  add: "Write a note",
  label: "Note",
  placeholder: "A note for colleagues. The customer never sees it.",
  save: "Save note",
  mentionsYou: "A note mentions you",
  mentions: "Notes that mention you",
  remove: "Delete note",
  notRemoved: "The note was not deleted.",
};
