export interface Snippet {
  readonly id: string;
  readonly label: string;
  /** What to do with it, in a sentence. */
  readonly hint: string;
  readonly text: string;
}

/** The ways to send a first trace to a daemon at this address. The default address needs no mention. */
export function snippets(udp: string): readonly Snippet[] {
  const isDefault = udp === "127.0.0.1:2000";
  const variable = `AWS_XRAY_DAEMON_ADDRESS=${udp}`;
  return [
    {
      id: "call",
      label: "Call a URL",
      hint: "Makes one traced call and draws where its time went. Any URL will do.",
      text: `${isDefault ? "" : `${variable} `}npx fluoroscope call -u http://localhost:3000/`,
    },
    {
      id: "node",
      label: "Node.js",
      hint: "An Express app with AWS's own X-Ray SDK.",
      text: [
        "// npm install aws-xray-sdk-core aws-xray-sdk-express",
        'const xray = require("aws-xray-sdk-core");',
        'const { openSegment, closeSegment } = require("aws-xray-sdk-express");',
        ...(isDefault ? [] : [`xray.setDaemonAddress("${udp}");`]),
        'xray.captureHTTPsGlobal(require("http"));',
        "",
        'app.use(openSegment("my-service"));',
        'app.get("/", (request, response) => response.send("traced"));',
        "app.use(closeSegment());",
      ].join("\n"),
    },
    {
      id: "env",
      label: "An X-Ray SDK you have",
      hint: isDefault
        ? "This is where every X-Ray SDK sends by default: a program that is instrumented needs nothing."
        : "Point any program with an X-Ray SDK here; nothing else changes.",
      text: `export ${variable}`,
    },
    {
      id: "python",
      label: "Python",
      hint: "A script that calls a URL with requests, on AWS's own X-Ray SDK.",
      text: [
        "# pip install aws-xray-sdk requests",
        "import requests",
        "from aws_xray_sdk.core import patch, xray_recorder",
        "",
        `xray_recorder.configure(service="my-script", sampling=False${isDefault ? "" : `, daemon_address="${udp}"`})`,
        'patch(["requests"])',
        'with xray_recorder.in_segment("my-script"):',
        '    print(requests.get("http://localhost:3000/").status_code)',
      ].join("\n"),
    },
  ];
}
