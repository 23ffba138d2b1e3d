/** What both packages say of themselves. There is no mailbox: `.invalid` never has one. */
export const maintainer = "fluoroscope maintainers <maintainers@fluoroscope.invalid>";

export const summary = "X-Ray daemon, service API, trace store and live service map";

export const description = [
  "The daemon takes the place of the AWS X-Ray daemon, with its command line,",
  "configuration, ports and wire formats: it receives segments on UDP port 2000",
  "and sends them to AWS X-Ray, to another fluoroscope or to OpenTelemetry. What",
  "cannot be sent is kept in memory and on disk until it can.",
  "",
  "The same program stores traces, answers the X-Ray service API and draws the",
  "service map in the terminal and in a browser, without an AWS account.",
  "",
  "It needs Node.js 20.19 or later.",
];
