package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CourtRefusalsTest {
  /** As the development chain said them. */
  @Test
  void theCourtsErrorsAreSentences() {
    assertThat(said("0xe38f9447")).contains("closing a case after it");
    assertThat(said("0x34287b8f")).contains("has been accused for this replica already");
    assertThat(said("0x26b400c2")).contains("only the owner of the accused node may appeal");
    assertThat(said("0x00000001")).contains("custom error 0x00000001");
    assertThat(
            CourtRefusals.words(
                "eth_sendRawTransaction: Insufficient funds for gas * price + value"))
        .contains("no coins for the gas");
  }

  private static String said(String selector) {
    return CourtRefusals.words(
        "eth_estimateGas: execution reverted: custom error " + selector + ": 00");
  }
}
