export const settingsEn = {
  title: "Settings",
  appearance: "Appearance",
  theme: "Theme",
  themeSystem: "As the system",
  themeLight: "Light",
  themeDark: "Dark",
  language: "Language",
  openNumbers: "Numbers and their health",
  account: "Account",
  signedInAs: (name: string) => `Signed in as ${name}`,
  signOut: "Sign out",
  signOutHint: "Deletes everything that this page stored in the browser, drafts included.",
};
