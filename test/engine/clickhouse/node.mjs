// One ClickHouse server in this process: node node.mjs <folder> <http port> <tcp port> <config.xml>
// The library runs `clickhouse local`, which can listen on ports as long as a statement runs. The statement here never
// ends, and the thread never returns, so a signal must end the process.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { DataType, load, open } = require('ffi-rs');

const [folder, httpPort, tcpPort, config] = process.argv.slice(2);
const listen = 'SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP';
const forever = `SELECT sleepEachRow(1) FROM numbers(1000000000)
  SETTINGS max_block_size = 1, max_execution_time = 0 FORMAT Null`;
const args = [
  'clickhouse',
  `--config-file=${config}`,
  `--path=${folder}`,
  '--listen_host=127.0.0.1',
  `--http_port=${httpPort}`,
  `--tcp_port=${tcpPort}`,
  '--query',
  `${listen}; ${forever}`,
];
open({ library: 'chdb', path: require.resolve('@chdb/lib-linux-x64-gnu/libchdb.so') });
load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [args.length, args],
});
