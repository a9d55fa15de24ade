package xyz.openledger.cluster.member;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.chainanchor.evm.ModelContract;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt.ProductCheck;
import xyz.openledger.verification.zk.ModelEvidence;

/**
 * Asks the contract at which a private model is registered, beside the member's own check of its
 * proofs: who believes the chain need not believe our pairing. It costs nothing, and nothing is
 * written.
 */
record ModelCourt(ChainClient chain) {
  /**
   * What is found once the contract has been asked. Where it disagrees nobody who ran the task is
   * to blame, so it is asked again until the job's deadline.
   *
   * @throws ProblemException {@code unavailable} while the chain does not answer, or disagrees
   */
  ProductCheck asked(Address contract, ModelEvidence evidence, ProductCheck own) {
    String fault = fault(contract, evidence);
    if (fault != null) {
      throw new ProblemException(Problem.UNAVAILABLE, "", fault);
    }
    return new ProductCheck(
        own.holds(),
        own.products(),
        own.errorLog2(),
        own.detail() + "; the contract " + contract + " believes it",
        null,
        null,
        own.evidence());
  }

  /** Why the contract does not believe evidence; null if it does. */
  @Nullable String fault(Address contract, ModelEvidence evidence) {
    try {
      boolean believed =
          chain.hasCode(contract)
              && new ModelContract(chain, contract)
                  .verify(evidence.inferenceSignals(), evidence.inferenceProof());
      return believed ? null : "the contract " + contract + " does not believe it";
    } catch (IllegalArgumentException other) {
      return contract + " is no contract about private models";
    } catch (IOException away) {
      throw new ProblemException(
          Problem.UNAVAILABLE, "", "the chain does not answer: " + away.getMessage());
    }
  }
}
