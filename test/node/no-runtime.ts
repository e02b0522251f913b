/** Stands for `cloudflare:workers` where a test in Node loads the app to read its routes: there are no bindings. */
export const env = {};
