package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.keys.Keccak;

/**
 * The second half of a deployment: who votes, what votes decide, who judges. Afterwards the
 * timelock alone writes the board, and the governor alone writes the timelock; the deployer gave up
 * its part.
 */
final class GovernanceDeployment {
  private static final long ADMIN = 0;
  private static final long SLASHER = 2;
  private static final long GOVERNANCE = 3;
  private static final long JUDGE = 4;
  private static final long BOND_NANO_OPEN = 500_000_000_000L;
  private static final long CASE_BOND_NANO_OPEN = 10_000_000_000L;
  private static final int PENALTY_PERCENT = 50;
  private static final int BOUNTY_PERCENT = 20;
  private static final long APPEAL_SECONDS = 12 * 3_600;
  private static final long UNBONDING_SECONDS = 7 * 86_400;
  private static final Address ANYBODY = new Address("0x" + "0".repeat(2 * Address.BYTES));
  private static final Digest ADMINISTRATOR = Digest.wrap(new byte[Digest.BYTES]);

  private GovernanceDeployment() {}

  /** Whether all are there, and the last step of their deployment was done. */
  static boolean isComplete(ChainClient chain, Wallet deployer, GovernanceContracts contracts)
      throws IOException {
    for (Address contract : contracts.byName().values()) {
      if (!chain.hasCode(contract)) {
        return false;
      }
    }
    return !chain.ask(
        contracts.timelock(), TimelockControllerAbi.hasRole(ADMINISTRATOR, deployer.address()));
  }

  /**
   * Gives the access manager's administration to the timelock, and takes it from the deployer; the
   * right to slash, which deployments of earlier versions gave it too, stays with the court alone.
   * Last of all, and again at each start, since a chain may have lost it.
   */
  static void handOver(ChainClient chain, Wallet deployer, Contracts contracts) throws IOException {
    if (holds(chain, contracts, SLASHER, deployer.address())) {
      renounce(deployer, contracts, SLASHER);
    }
    GovernanceContracts governance = contracts.governance();
    if (governance == null || !administers(chain, contracts, deployer.address())) {
      return;
    }
    if (!administers(chain, contracts, governance.timelock())) {
      grant(deployer, contracts, ADMIN, governance.timelock());
    }
    renounce(deployer, contracts, ADMIN);
  }

  private static void renounce(Wallet holder, Contracts contracts, long role) throws IOException {
    holder.transact(contracts.authority(), AccessManagerAbi.renounceRole(role, holder.address()));
  }

  private static boolean administers(ChainClient chain, Contracts contracts, Address account)
      throws IOException {
    return holds(chain, contracts, ADMIN, account);
  }

  static boolean holds(ChainClient chain, Contracts contracts, long role, Address account)
      throws IOException {
    return chain.ask(contracts.authority(), AccessManagerAbi.hasRole(role, account)).isMember();
  }

  /** Whether an account may reject epochs of payouts and decides appeals. */
  static boolean judges(ChainClient chain, Contracts contracts, Address account)
      throws IOException {
    return holds(chain, contracts, JUDGE, account);
  }

  static GovernanceContracts deploy(
      Wallet deployer, Contracts core, GovernanceTerms terms, @Nullable Address judge)
      throws IOException {
    Address admin = deployer.address();
    Address votes = deployer.create(GovOpenAbi.create(core.token()));
    Address timelock =
        deployer.create(
            TimelockControllerAbi.create(
                BigInteger.valueOf(terms.timelockSeconds()), List.of(), List.of(ANYBODY), admin));
    Address governor =
        deployer.create(
            OpenLedgerGovernorAbi.create(
                votes,
                timelock,
                terms.delaySeconds(),
                terms.periodSeconds(),
                Words.wei(terms.thresholdNanoOpen()),
                BigInteger.valueOf(terms.quorumPercent())));
    Address board = deployer.create(PolicyBoardAbi.create(core.authority(), terms.noticeSeconds()));
    // What culprits lose goes where votes spend it: whoever accuses itself must not get it back.
    Address pools =
        deployer.create(
            PoolRegistryAbi.create(
                core.authority(),
                core.token(),
                timelock,
                Words.wei(BOND_NANO_OPEN),
                UNBONDING_SECONDS));
    Address court =
        deployer.create(
            DisputeCourtAbi.create(
                core.authority(),
                core.registry(),
                core.anchorLog(),
                timelock,
                new DisputeCourtAbi.Terms(
                    Words.wei(CASE_BOND_NANO_OPEN),
                    PENALTY_PERCENT,
                    BOUNTY_PERCENT,
                    APPEAL_SECONDS)));
    var made = new GovernanceContracts(votes, timelock, governor, board, pools, court);
    authorise(deployer, core, made, judge == null ? admin : judge);
    return made;
  }

  private static void authorise(
      Wallet deployer, Contracts core, GovernanceContracts made, Address judge) throws IOException {
    allow(
        deployer,
        core,
        made.board(),
        List.of(PolicyBoardAbi.PUBLISH, PolicyBoardAbi.SET_NOTICE),
        GOVERNANCE);
    allow(deployer, core, made.court(), List.of(DisputeCourtAbi.JUDGE), JUDGE);
    allow(
        deployer,
        core,
        core.registry(),
        List.of(NodeRegistryAbi.SLASH, NodeRegistryAbi.HOLD),
        SLASHER);
    grant(deployer, core, GOVERNANCE, made.timelock());
    grant(deployer, core, SLASHER, made.court());
    grant(deployer, core, JUDGE, judge);
    for (String role : List.of("PROPOSER_ROLE", "CANCELLER_ROLE")) {
      deployer.transact(
          made.timelock(),
          TimelockControllerAbi.grantRole(
              Digest.wrap(Keccak.hash(role.getBytes(StandardCharsets.US_ASCII))), made.governor()));
    }
    // Last: isComplete asks for it.
    deployer.transact(
        made.timelock(), TimelockControllerAbi.renounceRole(ADMINISTRATOR, deployer.address()));
  }

  private static void allow(
      Wallet deployer, Contracts core, Address target, List<Selector> functions, long role)
      throws IOException {
    deployer.transact(
        core.authority(), AccessManagerAbi.setTargetFunctionRole(target, functions, role));
  }

  private static void grant(Wallet deployer, Contracts core, long role, Address account)
      throws IOException {
    deployer.transact(core.authority(), AccessManagerAbi.grantRole(role, account, 0));
  }
}
