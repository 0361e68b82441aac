// A customer's wallet for the walkthrough in the README: signs like a real one, with the first account of a local
// development chain (anvil, hardhat), and sends a token or the native coin.
//
//   node tests/node/pay.mjs --rpc URL --deploy [--symbol USDT] [--decimals 18] [--mine N]    prints the token's address
//   node tests/node/pay.mjs --rpc URL --token ADDRESS --to ADDRESS --amount 50.0 [--mine N]  prints the transaction
//   node tests/node/pay.mjs --rpc URL --to ADDRESS --amount 0.5 [--mine N]                   the native coin
//
// --mine N has the development chain make N more blocks, which is what confirmations are counted in.
import { existsSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Contract, ContractFactory, JsonRpcProvider, NonceManager, Wallet, parseEther, parseUnits } from "ethers";

// The published first key of every such chain. It is worth nothing anywhere else.
const FIRST_DEV_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

const { values } = parseArgs({
  options: {
    rpc: { type: "string" },
    deploy: { type: "boolean", default: false },
    symbol: { type: "string", default: "USDT" },
    decimals: { type: "string", default: "18" },
    token: { type: "string" },
    to: { type: "string" },
    amount: { type: "string" },
    mine: { type: "string", default: "0" },
  },
});

function usage(problem) {
  console.error(`${problem}\nsee the first lines of tests/node/pay.mjs for what can be asked`);
  process.exit(2);
}

function tokenArtifact() {
  const path = join(import.meta.dirname, "artifacts", "TestToken.json");
  if (!existsSync(path)) execFileSync(process.execPath, [join(import.meta.dirname, "compile.mjs")], { stdio: "inherit" });
  return JSON.parse(readFileSync(path, "utf8"));
}

async function deploy(wallet) {
  const { abi, bytecode } = tokenArtifact();
  const decimals = Number(values.decimals);
  const token = await new ContractFactory(abi, bytecode, wallet).deploy(values.symbol, decimals);
  await token.waitForDeployment();
  const minted = await token.mint(await wallet.getAddress(), parseUnits("1000000", decimals));
  await minted.wait();
  console.log(await token.getAddress());
}

async function pay(wallet) {
  let sent;
  if (values.token) {
    const token = new Contract(values.token, tokenArtifact().abi, wallet);
    sent = await token.transfer(values.to, parseUnits(values.amount, await token.decimals()));
  } else {
    sent = await wallet.sendTransaction({ to: values.to, value: parseEther(values.amount) });
  }
  const receipt = await sent.wait();
  if (receipt.status !== 1) throw new Error(`transaction ${sent.hash} failed`);
  console.log(sent.hash);
}

if (!values.rpc) usage("--rpc is missing");
if (!values.deploy && (!values.to || !values.amount)) usage("--to and --amount are needed, or --deploy");
if (!/^\d+$/.test(values.mine)) usage("--mine takes a number of blocks");

const provider = new JsonRpcProvider(values.rpc, undefined, { cacheTimeout: -1, pollingInterval: 100 });
try {
  const wallet = new NonceManager(new Wallet(FIRST_DEV_KEY, provider));
  await (values.deploy ? deploy(wallet) : pay(wallet));
  const blocks = Number(values.mine);
  if (blocks > 0) await provider.send("anvil_mine", [`0x${blocks.toString(16)}`]);
} catch (error) {
  console.error(error.shortMessage ?? error.message);
  process.exitCode = 1;
} finally {
  provider.destroy();
}
