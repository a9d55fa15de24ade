package xyz.openledger.nodes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeccompFilterTest {
  @Test
  void aProcessorWhoseCallsAreNotFilteredIsNamed() {
    assertThat(SeccompFilter.gap("amd64")).isEmpty();
    assertThat(SeccompFilter.gap("aarch64"))
        .hasValue("system calls are not filtered on aarch64: there is a filter for amd64 alone");
  }
}
