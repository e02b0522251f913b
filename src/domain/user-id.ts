const USER_ID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/;

/** Whether this is a BSUID, or a parent one (`US.ENT.…`), wherever Meta has put it. */
export function isUserId(text: string): boolean {
  return USER_ID.test(text);
}
