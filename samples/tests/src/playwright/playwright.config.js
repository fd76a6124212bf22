const { defineConfig } = require('@playwright/test');

module.exports = defineConfig({
	testDir: './tests',
	retries: 1,
	workers: 1,
	timeout: 500,
	use: { baseURL: 'https://checkout.staging.example.internal' },
	projects: [{ name: 'chromium' }, { name: 'api', testMatch: /api/ }],
});
