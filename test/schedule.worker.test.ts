// Both run the schedule, which looks at every number of the database, at moments of their own: side by side each would clear what the
// other raises.
import "./alarms/checks.ts";
import "./alarms/watch.ts";
