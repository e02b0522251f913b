const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Triggers a Worker's schedules by the clock (UTC), which workerd does not do on its own. Returns a function that stops it. */
export function startCron(workerUrl: string, expressions: string[], log: (line: string) => void): () => void {
  if (expressions.length === 0) return () => undefined;
  const fire = async (cron: string) => {
    const answer = await fetch(`${workerUrl}/cdn-cgi/local/scheduled?${new URLSearchParams({ cron })}`);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
  };
  let timer: NodeJS.Timeout;
  const scheduleNextMinute = () => {
    timer = setTimeout(
      () => {
        const now = new Date();
        for (const cron of expressions.filter((each) => isDue(each, now))) {
          fire(cron).catch((error) => log(`The schedule ${cron} failed: ${error.message}`));
        }
        scheduleNextMinute();
      },
      60_000 - (Date.now() % 60_000),
    );
  };
  scheduleNextMinute();
  return () => clearTimeout(timer);
}

/**
 * Whether a cron expression matches the minute of `at`. Supports five fields of numbers or English names, `*`, lists,
 * ranges and steps; a week starts with Sunday = 1 (https://developers.cloudflare.com/workers/configuration/cron-triggers/).
 * Both day fields must match.
 * @internal
 */
export function isDue(expression: string, at: Date): boolean {
  const fields = expression.trim().toLowerCase().split(/\s+/);
  const named = fields.map((field, index) => {
    const names = index === 3 ? MONTHS : index === 4 ? DAYS : [];
    return field.replace(/[a-z]{3}/g, (name) =>
      names.includes(name) ? String(names.indexOf(name) + 1) : name,
    );
  });
  const time = [
    at.getUTCMinutes(),
    at.getUTCHours(),
    at.getUTCDate(),
    at.getUTCMonth() + 1,
    at.getUTCDay() + 1,
  ];
  const first = [0, 0, 1, 1, 1];
  return (
    named.length === 5 &&
    named.every((field, index) => matchesField(field, time[index] ?? 0, first[index] ?? 0))
  );
}

function matchesField(field: string, value: number, first: number): boolean {
  return field.split(",").some((part) => {
    const [, any, from, to, step] = /^(?:(\*)|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part) ?? [];
    if (any === undefined && from === undefined) return false;
    const start = any ? first : Number(from);
    // "5/15" means every 15th value from 5 on; "5" means only 5.
    const end = any || (step && !to) ? Number.POSITIVE_INFINITY : Number(to ?? from);
    return value >= start && value <= end && (value - start) % Number(step ?? 1) === 0;
  });
}
