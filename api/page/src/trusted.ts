/** The one Trusted Types policy: it lets the layout worker's own address through, and nothing else. */
declare const LAYOUT_WORKER: string

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): { createScriptURL(address: string): string }
}

let policy: { createScriptURL(address: string): string } | undefined

export const layoutWorker: string = LAYOUT_WORKER

export function trusted(address: string): string {
  const check = (one: string): string => {
    if (one !== layoutWorker) throw new Error('expected the address of the layout worker')
    return one
  }
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes
  policy ??= policies ? policies.createPolicy('kg', { createScriptURL: check }) : { createScriptURL: check }
  return policy.createScriptURL(address)
}
