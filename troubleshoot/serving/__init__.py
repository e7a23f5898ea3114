"""The program as a server of tools for coding agents, over MCP (https://modelcontextprotocol.io)."""
