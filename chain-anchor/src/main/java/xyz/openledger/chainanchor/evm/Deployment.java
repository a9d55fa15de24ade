package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.json.Json;

/** Puts our contracts on a chain once, and remembers where they are. */
public final class Deployment {
  private static final long OPERATOR = 1;
  private static final long SLASHER = 2;
  private static final long JUDGE = 4;
  private static final long UNBONDING_SECONDS = 7 * 86_400;

  private Deployment() {}

  /** Where a member remembers them. */
  public static Path file(Path chainFolder, long chainId) {
    return chainFolder.resolve("contracts-" + chainId + ".json");
  }

  /**
   * Our contracts on this chain: those that {@code file} names if they are there, else new ones. A
   * file of the time before governance is completed. Whoever deployed them administers nothing
   * afterwards: who may do what is changed by votes alone.
   *
   * @param deployer an account with gas; holds all OPEN afterwards, and operates
   * @param origin the receipt log that will be anchored
   * @param minimumStakeNanoOpen what a node must stake at the least
   * @param terms by which a governor that is made here decides
   * @param currency what OPEN is there; contracts that are there already keep theirs
   */
  public static Contracts ensure(
      ChainClient chain,
      Wallet deployer,
      Path file,
      String origin,
      long minimumStakeNanoOpen,
      GovernanceTerms terms,
      Currency currency)
      throws IOException {
    return ensure(
        chain, deployer, file, origin, minimumStakeNanoOpen, terms, currency, PayoutTerms.NONE);
  }

  /**
   * The same.
   *
   * @param payouts how an epoch of payouts is challenged
   */
  public static Contracts ensure(
      ChainClient chain,
      Wallet deployer,
      Path file,
      String origin,
      long minimumStakeNanoOpen,
      GovernanceTerms terms,
      Currency currency,
      PayoutTerms payouts)
      throws IOException {
    Contracts contracts =
        deployed(chain, deployer, file, origin, minimumStakeNanoOpen, terms, currency, payouts);
    GovernanceDeployment.handOver(chain, deployer, contracts);
    return contracts;
  }

  private static Contracts deployed(
      ChainClient chain,
      Wallet deployer,
      Path file,
      String origin,
      long minimumStakeNanoOpen,
      GovernanceTerms terms,
      Currency currency,
      PayoutTerms payouts)
      throws IOException {
    if (Files.exists(file)) {
      Contracts known = Json.read(Files.readAllBytes(file), Contracts.class);
      if (known.chainId() == chain.chainId() && isComplete(chain, deployer, known)) {
        GovernanceContracts governance = known.governance();
        return governance != null && GovernanceDeployment.isComplete(chain, deployer, governance)
            ? known
            : written(
                file,
                known.with(GovernanceDeployment.deploy(deployer, known, terms, payouts.judge())));
      }
    }
    Contracts made =
        deploy(chain, deployer, origin, minimumStakeNanoOpen, currency, payouts.challengeSeconds());
    if (Files.exists(file)) {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".previous"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    return written(
        file, made.with(GovernanceDeployment.deploy(deployer, made, terms, payouts.judge())));
  }

  private static Contracts written(Path file, Contracts made) throws IOException {
    Path half = file.resolveSibling(file.getFileName() + ".new");
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(half, Json.pretty(made) + "\n");
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    return made;
  }

  /**
   * Sees that the contracts that {@code file} names can be operated with this key, if there is such
   * a file. For chains that lose nothing: {@link #ensure} would deploy a second network there, with
   * coins and stakes of its own, only because a key was changed.
   *
   * @throws IOException if not, which says what is missing and how to mend it
   */
  public static void requireOperable(ChainClient chain, Address operator, Path file)
      throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    Contracts known = Json.read(Files.readAllBytes(file), Contracts.class);
    String otherwise =
        "; to deploy a network anew, with other contracts, move %s away".formatted(file);
    for (var contract : known.byName().entrySet()) {
      if (!chain.hasCode(contract.getValue())) {
        throw new IOException(
            "there is no code at %s, the %s of %s: ask a node of the right chain%s"
                .formatted(contract.getValue(), contract.getKey(), file, otherwise));
      }
    }
    if (!GovernanceDeployment.holds(chain, known, OPERATOR, operator)) {
      throw new IOException(
          "account %s does not operate the contracts of %s: use the key that deployed them, or have"
                  .formatted(operator, file)
              + " role %d granted to it at %s by a vote%s"
                  .formatted(OPERATOR, known.authority(), otherwise));
    }
    if (allowance(chain, known, operator).signum() == 0) {
      throw new IOException(
          "account %s lets the registry take no stakes: send approve(%s, amount) to %s from it%s"
              .formatted(operator, known.registry(), known.token(), otherwise));
    }
  }

  /**
   * Sees that what would be deployed, where {@code file} names no contracts yet, has a judge who is
   * not the key that publishes payouts: else nobody could reject a wrong epoch of that key. On the
   * development chain, whose coins are worth nothing, it may be the same.
   *
   * @throws IOException if not, which names the setting
   */
  public static void requireJudge(long chainId, Address operator, Path file, PayoutTerms payouts)
      throws IOException {
    if (chainId == DevChain.CHAIN_ID || Files.exists(file)) {
      return;
    }
    Address judge = payouts.judge();
    if (judge == null || judge.equals(operator)) {
      throw new IOException(
          ("the contracts are not deployed to chain %d: openledger.chain.judge %s, so nobody could"
                  + " reject a payout that a thief of %s signs; set it to the address of an account"
                  + " that the operator does not hold")
              .formatted(
                  chainId,
                  judge == null ? "is empty" : "is the account that publishes payouts",
                  operator));
    }
  }

  /**
   * Whether the last step of a deployment is on the chain: a chain may have lost the end of one.
   */
  private static boolean isComplete(ChainClient chain, Wallet deployer, Contracts contracts)
      throws IOException {
    for (Address contract : contracts.with(null).byName().values()) {
      if (!chain.hasCode(contract)) {
        return false;
      }
    }
    return allowance(chain, contracts, deployer.address()).signum() > 0;
  }

  private static BigInteger allowance(ChainClient chain, Contracts contracts, Address sponsor)
      throws IOException {
    return chain.ask(contracts.token(), OpenTokenAbi.allowance(sponsor, contracts.registry()));
  }

  /** Whether an account may reject epochs of payouts, as those who publish them should not. */
  public static boolean judges(ChainClient chain, Contracts contracts, Address account)
      throws IOException {
    return GovernanceDeployment.judges(chain, contracts, account);
  }

  /** The contracts before governance. */
  static Contracts deploy(
      ChainClient chain,
      Wallet deployer,
      String origin,
      long minimumStakeNanoOpen,
      Currency currency,
      long challengeSeconds)
      throws IOException {
    long fromBlock = chain.head().number();
    Address admin = deployer.address();
    Address authority = deployer.create(AccessManagerAbi.create(admin));
    Address token = token(chain, deployer, currency);
    Address registry =
        deployer.create(
            NodeRegistryAbi.create(
                authority, token, Words.wei(minimumStakeNanoOpen), UNBONDING_SECONDS));
    Address anchorLog = deployer.create(AnchorLogAbi.create(authority, admin, origin));
    Address escrow =
        deployer.create(
            currency.isCoin()
                ? CoinEscrowAbi.create(authority, token)
                : EscrowAbi.create(authority, token));
    Address distributor = deployer.create(RewardDistributorAbi.create(authority, token));
    var contracts =
        new Contracts(
            chain.chainId(),
            fromBlock,
            origin,
            authority,
            token,
            registry,
            anchorLog,
            escrow,
            distributor,
            currency.isCoin() ? true : null,
            null);
    authorise(deployer, contracts, challengeSeconds);
    return contracts;
  }

  private static Address token(ChainClient chain, Wallet deployer, Currency currency)
      throws IOException {
    Address wrapped = currency.wrapped();
    if (!currency.isCoin()) {
      return deployer.create(OpenTokenAbi.create(deployer.address()));
    }
    if (wrapped == null) {
      return deployer.create(WrappedOpenAbi.create());
    }
    if (!chain.hasCode(wrapped)) {
      throw new IOException(
          "openledger.chain.wrapped-coin: there is no contract at %s on chain %d"
              .formatted(wrapped, chain.chainId()));
    }
    return wrapped;
  }

  private static void authorise(Wallet deployer, Contracts contracts, long challengeSeconds)
      throws IOException {
    role(
        deployer,
        contracts,
        contracts.escrow(),
        List.of(EscrowAbi.WITHDRAW, EscrowAbi.FUND),
        OPERATOR);
    role(
        deployer,
        contracts,
        contracts.distributor(),
        List.of(RewardDistributorAbi.PUBLISH),
        OPERATOR);
    role(deployer, contracts, contracts.distributor(), List.of(RewardDistributorAbi.REJECT), JUDGE);
    role(deployer, contracts, contracts.registry(), List.of(NodeRegistryAbi.SLASH), SLASHER);
    deployer.transact(
        contracts.authority(), AccessManagerAbi.grantRole(OPERATOR, deployer.address(), 0));
    deployer.transact(contracts.escrow(), EscrowAbi.setDistributor(contracts.distributor(), true));
    deployer.transact(
        contracts.distributor(), RewardDistributorAbi.setChallengeSeconds(challengeSeconds));
    // Last: isComplete asks for it.
    deployer.approve(contracts, contracts.registry());
  }

  private static void role(
      Wallet deployer, Contracts contracts, Address target, List<Selector> functions, long role)
      throws IOException {
    deployer.transact(
        contracts.authority(), AccessManagerAbi.setTargetFunctionRole(target, functions, role));
  }
}
