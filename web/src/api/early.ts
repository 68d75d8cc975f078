const asked = new Map<string, Promise<Response>>()

/** What nobody has taken up by then is old, ms. */
const goodFor = 10_000

/** Asks for what will be needed, before those run who need it. */
export function askEarly(paths: readonly string[]) {
  for (const path of paths) {
    const answer = readWhole(path)
    answer.catch(() => undefined)
    asked.set(new URL(path, location.origin).href, answer)
  }
  setTimeout(() => asked.clear(), goodFor)
}

// An answer that is left lying would keep its connection.
async function readWhole(path: string): Promise<Response> {
  const answer = await fetch(path)
  return new Response(await answer.blob(), answer)
}

/** Asks the server; what was asked early, and answered well, is answered by that once. */
export async function fetchEarly(request: Request): Promise<Response> {
  const early = request.method === 'GET' ? asked.get(request.url) : undefined
  asked.delete(request.url)
  const answer = await early?.catch(() => undefined)
  return answer?.ok ? answer : fetch(request)
}
