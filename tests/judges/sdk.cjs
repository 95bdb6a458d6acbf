// LINE's own SDK for Node, as judge: a bot that only listens (GET /seen tells what it read), and a client that talks to our double.
const { createRequire } = require("node:module");
const http = require("node:http");
const line = createRequire(`${process.argv[2]}/here.js`)("@line/bot-sdk");

const acts = {
  // A webhook door made of the SDK's middleware: it checks the signature over the raw bytes and reads the body.
  listen(secret) {
    const take = line.middleware({ channelSecret: secret });
    const seen = [];
    const server = http.createServer((request, answer) => {
      if (request.method === "GET") { answer.end(JSON.stringify(seen)); return; }
      take(request, answer, (wrong) => {
        if (wrong) { answer.statusCode = wrong instanceof line.SignatureValidationFailed ? 401 : 400; answer.end(); return; }
        seen.push(request.body);
        answer.end("{}");
      });
    });
    server.listen(0, "127.0.0.1", () => console.log(server.address().port));
  },

  // The published vector, and one sign changed.
  vector() {
    const body = '{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}';
    const seal = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=";
    console.log(JSON.stringify([body, body + " "].map((one) => line.validateSignature(one, "8c570fa6dd201bb328f1c1eac23a96d8", seal))));
  },

  // One of each call a bot makes; what the SDK read from each answer, or the status it was refused with.
  async talk(base, token, user, reply) {
    const client = new line.messagingApi.MessagingApiClient({ channelAccessToken: token, baseURL: base });
    const words = [{ type: "text", text: "こんにちは 🍎" }];
    const key = "123e4567-e89b-12d3-a456-426614174000";
    const told = {};
    const ask = async (name, call) => {
      try { told[name] = await call(); } catch (wrong) { told[name] = wrong.status ?? String(wrong); }
    };
    await ask("reply", () => client.replyMessage({ replyToken: reply, messages: words }));
    await ask("reply again", () => client.replyMessage({ replyToken: reply, messages: words }));
    await ask("push", () => client.pushMessage({ to: user, messages: words }, key));
    await ask("push again", () => client.pushMessage({ to: user, messages: words }, key));
    await ask("too many", () => client.pushMessage({ to: user, messages: Array(6).fill(words[0]) }));
    await ask("profile", () => client.getProfile(user));
    await ask("quota", () => client.getMessageQuota());
    await ask("used", () => client.getMessageQuotaConsumption());
    await ask("info", () => client.getBotInfo());
    await ask("loading", () => client.showLoadingAnimation({ chatId: user, loadingSeconds: 5 }));
    await ask("menus", () => client.getRichMenuList());
    console.log(JSON.stringify(told));
  },
};

acts[process.argv[3]](...process.argv.slice(4));
