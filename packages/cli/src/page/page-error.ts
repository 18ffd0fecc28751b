import { CliError } from '../cli-error.ts'

/** A page that is not written as pages must be: where, what is wrong, what to do. */
export class PageError extends CliError {
  file: string
  line: number

  constructor(file: string, line: number, problem: string) {
    super('bad_page', `${file}:${line}: ${problem}`)
    this.file = file
    this.line = line
  }
}
