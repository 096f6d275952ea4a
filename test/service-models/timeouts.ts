/** Time-outs that pass when a test says so, whatever the machine is busy with. */
export function aTimeout() {
  const waiting: AbortController[] = [];
  return {
    timeout: (): AbortSignal => {
      const controller = new AbortController();
      waiting.push(controller);
      return controller.signal;
    },
    pass: (): void => {
      for (const each of waiting.splice(0)) each.abort(new DOMException('The operation timed out', 'TimeoutError'));
    },
  };
}
