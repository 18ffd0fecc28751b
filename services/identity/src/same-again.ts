/**
 * A function that is asked the same each second: it answers the last question from memory. What it throws is not remembered.
 * @param answer  depends on nothing but what it is given
 */
export function sameAgain<Question extends unknown[], Answer>(
  answer: (...question: Question) => Answer,
): (...question: Question) => Answer {
  let last: { question: Question; answer: Answer } | undefined
  return (...question) => {
    if (!last || question.some((part, index) => part !== last!.question[index])) {
      last = { question, answer: answer(...question) }
    }
    return last.answer
  }
}
