// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

interface Token {
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// Pays in ways that no plain wallet does, as exchanges and multi-senders do.
contract Batcher {
    /// Two transfers in one transaction; both may go to one recipient.
    function pay(Token token, address first, uint256 firstValue, address second, uint256 secondValue) external {
        token.transferFrom(msg.sender, first, firstValue);
        token.transferFrom(msg.sender, second, secondValue);
    }

    /// Passes the native coin on: an internal transfer, in no transaction's `to` and in no log.
    function forward(address payable to) external payable {
        (bool sent, ) = to.call{value: msg.value}("");
        require(sent, "recipient refused");
    }
}
