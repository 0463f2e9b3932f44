import { Network } from './generated/network';

/** Whether a record starts with row `row` of time t. */
@inline
export function begins(net: Network, t: i32, row: i32): bool {
  return net.starts !== 0 && load<i32>(net.starts + <usize>((t * net.batch + row) * 4)) !== 0;
}
