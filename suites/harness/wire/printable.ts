/**
 * What a gateway said, on one line and without what a terminal, a log or a reader would obey: controls and turns of direction; and
 * without what the runner of a CI job would: `##[...]` (and `##vso[...]`) anywhere in a line, `::...` at its beginning, behind
 * whatever blanks, and the marks of sections.
 * Sources: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs,
 * https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections
 */
export function printable(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- these are what is taken out
      .replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, ' ')
      .replaceAll(/##(?=\w*\[)/g, '# #')
      .replaceAll(/(^|\s)::(?=[A-Za-z])/g, '$1: :')
      .replaceAll(/section_(start|end):(?=\d)/g, 'section_$1 :')
  )
}
