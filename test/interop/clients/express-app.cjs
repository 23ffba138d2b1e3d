// A bookshop on Express, traced by AWS's own SDK as its manual has it. Prints the port it took.
const AWSXRay = require("aws-xray-sdk-core");
const xrayExpress = require("aws-xray-sdk-express");
const { captureFetchGlobal } = require("aws-xray-sdk-fetch");
const express = require("express");

captureFetchGlobal();
const app = express();
app.use(xrayExpress.openSegment("bookshop"));
app.get("/ok", (_request, response) => response.send("fine"));
app.get("/busy", (_request, response) => response.status(429).send("later"));
app.get("/boom", () => {
  throw new TypeError("no such shelf");
});
app.get("/stock", async (_request, response) => {
  const stock = await fetch(`${process.env.STOCK_URL}/books`);
  AWSXRay.getSegment().addAnnotation("shelf", "poetry");
  response.send(await stock.text());
});
app.use(xrayExpress.closeSegment());
// Express prints what its own last handler gets; this one keeps the test's output quiet.
app.use((error, _request, response, _next) => response.status(500).send(error.message));

const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
