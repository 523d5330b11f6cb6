import type { TaskRun } from './profile.ts';

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;

/** The tasks of stages that ran elsewhere: by stage, times from the first one's begin, and bytes; a line for each. */
export function explainTasks(runs: readonly TaskRun[]): string[] {
  const start = Math.min(...runs.map(r => r.start));
  const stages = [...new Set(runs.map(r => r.stage))];
  return stages.flatMap(stage => {
    const own = runs.filter(r => r.stage === stage);
    const tasks = new Set(own.map(r => r.task)).size;
    const [sent, received] = [own.reduce((sum, r) => sum + r.sent, 0), own.reduce((sum, r) => sum + r.received, 0)];
    const title = `Query Stage #${stage}: ${tasks} tasks, ${own.length - tasks} run again, ${kib(received)} read, ${kib(sent)} sent`;
    return [title, ...own.map(r => `  ${explainRun(r, start)}`)];
  });
}

function explainRun({ task, host, pid, start, end, sent, received }: TaskRun, first: number): string {
  const place = `task ${task} on ${host} (${pid}): from ${(start - first).toFixed(1)} ms`;
  if (end === undefined) return `${place}, died or gave rows that were lost, or replaced such`;
  return `${place} to ${(end - first).toFixed(1)} ms, ${kib(received)} read, ${kib(sent)} sent`;
}

/**
 * Runs of tasks in Chrome's trace format, by host and process: for chrome://tracing and ui.perfetto.dev. Runs of which nobody
 * knows the end are instants. Source: "Trace Event Format", Google.
 */
export function traceOfTasks(runs: readonly TaskRun[]): object {
  const hosts = [...new Set(runs.map(r => r.host))];
  const names = hosts.map((name, pid) => ({ name: 'process_name', ph: 'M', pid, args: { name } }));
  const events = runs.map(({ stage, task, host, pid, start, end, sent, received }) => ({
    name: `stage ${stage}, task ${task}`,
    cat: `stage ${stage}`,
    pid: hosts.indexOf(host),
    tid: pid,
    ts: start * 1000,
    ...(end === undefined ? { ph: 'i', s: 't' } : { ph: 'X', dur: (end - start) * 1000 }),
    args: { stage, task, sent, received },
  }));
  return { traceEvents: [...names, ...events], displayTimeUnit: 'ms' };
}
