package xyz.openledger.protocol.api;

import java.util.List;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.TenantId;

/**
 * How to deposit.
 *
 * @param account the account's key in the contract, {@code 0x} and 64 hex digits
 * @param escrow the contract that takes deposits
 * @param token the contract of OPEN
 * @param steps what to do, in order
 */
@Answer
public record DepositTerms(
    TenantId tenant,
    String account,
    long chainId,
    Address escrow,
    Address token,
    List<String> steps) {}
