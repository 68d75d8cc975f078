// Stands for peer.mjs where only the talk between the tests and a process is on trial.
import { createInterface } from 'node:readline'

const say = line => process.stdout.write(line + '\n')
createInterface({ input: process.stdin }).on('line', line => {
  const { id, do: what, ...rest } = JSON.parse(line)
  if (what === 'say') rest.lines.forEach(say)
  if (what === 'die') process.stderr.write('a last word\n', () => process.exit(3))
  if (what === 'fail') say(JSON.stringify({ id, error: 'refused' }))
  if (what === 'echo' || what === 'say') say(JSON.stringify({ id, ok: rest }))
})
